import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { sha256, writeAtomic } from "./files.ts";
import { paths } from "./paths.ts";
import { run } from "./shell.ts";
import { namesIn, type Registry } from "./store.ts";

/** Texts that are kept of one path: the newest. A text that comes again takes no further place. */
const keptTexts = 10;

/**
 * Keeps what people wrote at paths that are about to be rendered anew or taken away, so that nothing of it is lost. What the
 * agent itself wrote there last, or is about to write, is not kept.
 * @returns a warning for each path that names where its text is now
 */
export function keepEdited(
  files: readonly { path: string; content?: string }[],
  registry: Readonly<Registry>,
): string[] {
  return files.flatMap(({ path, content }) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    if (stat.isSymbolicLink())
      return [keep(path, readlinkSync(path), (place) => symlinkSync(readlinkSync(path), place))];
    if (!stat.isFile()) return [setAside(path)];
    const text = readFileSync(path);
    const digest = sha256(text);
    if (digest === registry[path] || (content !== undefined && digest === sha256(content))) return [];
    return [keep(path, text, (place) => writeAtomic(place, text, 0o600))];
  });
}

/** Moves away whatever stands at a path whose folder only root can write; gives a warning that names where it is now. */
export function setAside(path: string): string {
  const { ino, mtimeMs } = lstatSync(path);
  return keep(path, `${ino} ${mtimeMs}`, (place) => {
    run("mv", ["-T", "--", path, place]);
  });
}

function keep(path: string, identity: string | Buffer, put: (place: string) => void): string {
  const folder = `${paths.aside}${path}`;
  const place = `${folder}/${sha256(identity).slice(0, 12)}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(place);
  put(place);
  forgetOldest(folder);
  return `${path} était modifié à la main : ce qui s'y trouvait est gardé dans ${place}`;
}

// Folders that were moved here stay until somebody looks at them.
function forgetOldest(folder: string): void {
  const texts = namesIn(folder, "")
    .map((name) => ({ path: `${folder}/${name}`, stat: lstatSync(`${folder}/${name}`) }))
    .filter(({ stat }) => !stat.isDirectory())
    .sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs);
  for (const { path } of texts.slice(keptTexts)) unlinkSync(path);
}
