import { association } from "../src/association.ts";

/**
 * Today where the association is, `yyyy-mm-dd`; read at an entry only and handed on. `CASSIOPEA_TODAY` carries the day of a run
 * to the program that the engine starts, so that both plan the same day, also at midnight.
 */
export function today(environment: NodeJS.ProcessEnv = process.env): string {
  return (
    environment["CASSIOPEA_TODAY"] ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: association.timeZone }).format(new Date())
  );
}
