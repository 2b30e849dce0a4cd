/** Which view is drawn where. */
import type { FunctionComponent } from 'preact'
import { Alerts } from './alerts.tsx'
import { Audit } from './audit.tsx'
import { Centers } from './centers.tsx'
import { Figures } from './figures.tsx'
import { Institutions } from './institutions.tsx'
import { Limits } from './limits.tsx'
import { Notices } from './notices.tsx'
import { Overview } from './overview.tsx'
import { Payments } from './payments.tsx'
import { Plans } from './plans.tsx'
import { Reports } from './reports.tsx'
import { Steering } from './steering.tsx'

export const views: Readonly<Record<string, FunctionComponent>> = {
  overview: Overview,
  alerts: Alerts,
  figures: Figures,
  payments: Payments,
  institutions: Institutions,
  limits: Limits,
  centers: Centers,
  notices: Notices,
  steering: Steering,
  plans: Plans,
  reports: Reports,
  audit: Audit,
}
