/** What a file system counts of one member, bytes. */
export interface Counted {
  used: number;
  /** Undefined: without limit. */
  limit: number | undefined;
}

/** A way by which a file system counts and limits the files of members. */
export interface QuotaDriver {
  /** What is counted of each member by uid; members that were never limited may be missing. */
  observe: () => ReadonlyMap<number, Counted>;
  /** Whether a member's tree is of the kind that this driver counts whole. */
  counts: (member: string, uid: number) => boolean;
  /** Makes it so; what the tree holds stays. @throws Rejection when there is no safe way */
  count: (member: string, uid: number) => void;
  /** A tree that was set aside no longer counts as its member's, where that can be. */
  uncount: (path: string, uid: number) => void;
  /** @param bytes undefined: no limit */
  limit: (uid: number, bytes: number | undefined) => void;
}
