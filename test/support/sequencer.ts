import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Runs test files by name: the first ones build what the later ones start from. */
export default class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : a.moduleId > b.moduleId ? 1 : 0));
  }
}
