/** Entry of the edge Worker. */
import { app } from './app.ts'

export default app
