import { Rejection } from "../result.ts";
import { environment, lastWords, tryRun } from "../shell.ts";
import type { Place } from "./place.ts";

/** What a member's PHP answered. */
export interface Answer {
  status: number;
  headers: string;
  body: string;
}

/**
 * Asks a member's own PHP for a script, past the web server: with the limits of its unit, and by a way that no visitor has.
 * @param script path of the script on the host
 * @param path what the web server would have been asked for, its query included
 * @param form fields of a POST; they go by stdin, so that no list of processes shows them
 */
export function askPhp(
  { member, software: { site } }: Place,
  script: string,
  path: string,
  form?: Readonly<Record<string, string>>,
): Answer {
  const [name = "", query = ""] = path.split("?");
  const body = form === undefined ? "" : new URLSearchParams(form).toString();
  const said: Record<string, string> = {
    PATH: environment.PATH,
    GATEWAY_INTERFACE: "CGI/1.1",
    SERVER_PROTOCOL: "HTTP/1.1",
    SERVER_SOFTWARE: "hosting-agent",
    SERVER_NAME: site,
    SERVER_PORT: "443",
    REMOTE_ADDR: "127.0.0.1",
    HTTP_HOST: site,
    HTTPS: "on",
    REQUEST_METHOD: form === undefined ? "GET" : "POST",
    REQUEST_URI: path,
    SCRIPT_NAME: name.endsWith("/") ? `${name}index.php` : name,
    SCRIPT_FILENAME: script,
    QUERY_STRING: query,
    ...(form === undefined
      ? {}
      : { CONTENT_TYPE: "application/x-www-form-urlencoded", CONTENT_LENGTH: String(Buffer.byteLength(body)) }),
  };
  const socket = `/run/php-member/${member}.sock`;
  const pairs = Object.entries(said).map(([key, value]) => `${key}=${value}`);
  const done = tryRun("env", ["-i", ...pairs, "cgi-fcgi", "-bind", "-connect", socket], { input: body });
  const end = done.stdout.search(/\r?\n\r?\n/);
  if (done.code !== 0 || end === -1) throw new Rejection(`PHP de ${member} : ${lastWords(done) || "aucune réponse"}`);
  const headers = done.stdout.slice(0, end);
  return {
    status: Number(/^Status: (\d{3})/im.exec(headers)?.[1] ?? 200),
    headers,
    body: done.stdout.slice(end).trimStart(),
  };
}
