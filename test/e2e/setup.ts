import { lab } from "./support.ts";

/** Brings the lab up with two bare hosts, so that setting one up is really run; it is left running for the next run. */
export async function setup(): Promise<void> {
  await lab(["up", "--hosts", "2", "--bare"]);
}

export async function teardown(): Promise<void> {
  await lab(["down"]);
}
