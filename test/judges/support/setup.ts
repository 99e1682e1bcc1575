import { ensureJudges } from "../../../lab/judges.ts";
import { ensureRequirements } from "../../../lab/requirements.ts";

/** Nothing is skipped: what can't be installed fails the project with its reason. */
export default async function setup(): Promise<void> {
  await ensureRequirements("judges");
  await ensureJudges();
}
