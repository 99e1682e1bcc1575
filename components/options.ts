import type { CustomResourceOptions } from "@pulumi/pulumi";

/** Options of a resource that holds data: the engine refuses to delete it, and never deletes it on the server. */
export function keep(options: CustomResourceOptions): CustomResourceOptions {
  return { ...options, protect: true, retainOnDelete: true };
}

/** Options that take over, instead of creating, what exists already under this logical name; empty for all else. */
export type Adopted = (name: string) => { import?: string };
