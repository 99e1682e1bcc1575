/** One difference as `check` tells it. */
export interface Told {
  path: string;
  kind: "hand-made" | "not-applied";
  key: string;
  member?: string;
}

/** One kind of damage that is done by hand, as root, on a host. */
export interface Kind {
  name: string;
  damage: string;
  /** All that `check` then tells, and nothing else. */
  drift: Told[];
  /** What somebody wrote, which has to be found aside after the repair. */
  text?: string;
  /** Puts things back that only whoever made the damage can. */
  undo?: string;
  /** The damage itself destroys files. */
  loses?: true;
}

/** A difference of what a member or the host declares. */
export const lac = (path: string, key: string): Told => ({ path, kind: "hand-made", key, member: "lac" });
export const host = (path: string, key: string): Told => ({ path, kind: "hand-made", key });

export const home = "/srv/hosting/lac";
export const folder = `${home}/sites/lac.example`;
export const siteFile = "/etc/nginx/members.d/lac.example.conf";
export const errors = "/var/log/hosting/lac/php-error.log";

export const edited = (name: string, path: string, told: Told): Kind => ({
  name: `${name} edited`,
  damage: `echo '# noted by hand: ${name}' >> ${path}`,
  drift: [told],
  text: `# noted by hand: ${name}`,
});
