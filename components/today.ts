import { association } from "../src/association.ts";

/** Today where the association is, `yyyy-mm-dd`; read at an entry only and handed on. */
export function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: association.timeZone }).format(new Date());
}
