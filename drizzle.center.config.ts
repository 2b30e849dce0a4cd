import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/db/projection-schema.ts',
  out: './migrations/center',
})
