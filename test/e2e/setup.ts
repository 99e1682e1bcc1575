import { lab } from "./support.ts";

/** Brings the lab up with two bare hosts, so that setting one up is really run; `npm test` ends it. */
export async function setup(): Promise<void> {
  await lab(["up", "--hosts", "2", "--bare"]);
}
