/** Emergency plans in D1. */
import { eq, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { packJson, unpackJson } from '../domain/pack.ts'
import type { Plan } from '../domain/plan.ts'
import { plans } from './steering-schema.ts'

/** There are as many as people can keep in mind. */
export const PLANS_MAX = 100

export async function listPlans(db: D1Database): Promise<readonly Plan[]> {
  const rows = await drizzle(db)
    .select({ body: plans.body })
    .from(plans)
    .orderBy(plans.name)
    .limit(PLANS_MAX)
  return rows.map(({ body }) => unpackJson<Plan>(body))
}

export async function readPlan(db: D1Database, name: string): Promise<Plan | null> {
  const [row] = await drizzle(db)
    .select({ body: plans.body })
    .from(plans)
    .where(eq(plans.name, name))
  return row === undefined ? null : unpackJson<Plan>(row.body)
}

/** Fails where another save came between: nobody overwrites what they have not seen. */
export const savePlan = (d1: DrizzleD1Database, plan: Plan, seen: number): BatchItem<'sqlite'> => {
  const { name, revision } = plan
  const body = packJson(plan)
  return seen === 0
    ? d1.insert(plans).values({ name, revision, body })
    : d1
        .update(plans)
        .set({ revision: sql`CASE WHEN revision = ${seen} THEN ${revision} END`, body })
        .where(eq(plans.name, name))
}

export const dropPlan = (d1: DrizzleD1Database, name: string): BatchItem<'sqlite'> =>
  d1.delete(plans).where(eq(plans.name, name))

export const isPlanTaken = (error: unknown): boolean =>
  error instanceof Error &&
  (/UNIQUE constraint failed: plans\.name|NOT NULL constraint failed: plans\.revision/.test(
    error.message,
  ) ||
    isPlanTaken(error.cause))
