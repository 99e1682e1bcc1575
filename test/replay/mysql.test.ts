import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secret } from "../../lab/plugins/wire.ts";
import { cleanSql, type Ground, prepareSql, sql, sqlPassword, sqlPort } from "./support/host.ts";
import { labGround } from "./support/lab-host.ts";
import { bundle } from "./support/plugin.ts";
import { replay } from "./support/replay.ts";
import type { Run, Stage } from "./support/stage.ts";
import { readTranscript } from "./support/transcript.ts";

const { scenarios, definitions } = readTranscript("mysql");

let ground: Ground;
let stage: Stage;

const closed = { endpoint: "<host>:3399" };

/** What of the provider's inputs a scenario changes; the transcripts have it in their programs and titles only. */
const changed: Record<string, (run: Run) => Record<string, unknown>> = {
  // The database server is stopped from the second run on.
  "server-unreachable-preview": ({ index }) => (index > 0 ? closed : {}),
  "server-down-refresh": ({ index }) => (index > 0 ? closed : {}),
  "delete-server-down": ({ index }) => (index > 0 ? closed : {}),
  "wrong-password": () => ({ password: secret("wrong") }),
  "tls-true": () => ({ tls: "true" }),
  "tls-required": ({ what }) => ({ username: "tradmin2", tls: what === "tls: false" ? "false" : "skip-verify" }),
  "interrupt-while-retrying": () => closed,
};

/** Databases that were on the server when the transcripts were made, or are its own. */
const ownDatabases = /^(?:information_schema|mysql|performance_schema|sys|tr_down\d?)$/;

async function databases(): Promise<string[]> {
  return (await sql(ground, "SHOW DATABASES")).filter((name) => !ownDatabases.test(name));
}

async function dropAll(): Promise<void> {
  for (const name of [...(await databases()), "tr_down", "tr_down2", "tr_down3"]) {
    await sql(ground, `DROP DATABASE IF EXISTS \`${name.replaceAll("`", "``")}\``);
  }
  await sql(ground, "DROP ROLE IF EXISTS tr_role");
}

const utf8 = "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
const network = () => ground.address.replace(/\.\d+$/, ".%");
const password = sqlPassword.replaceAll("'", "''");

const outside: Record<string, () => Promise<unknown>> = {
  "a table with a row is put into the database": () =>
    sql(ground, "CREATE TABLE tr_life.t (a INT); INSERT INTO tr_life.t VALUES (1)"),
  "alter database … collate utf8mb4_general_ci": () => sql(ground, "ALTER DATABASE tr_oob COLLATE utf8mb4_general_ci"),
  "drop database": () => sql(ground, "DROP DATABASE tr_oob"),
  "drop database again": () => sql(ground, "DROP DATABASE tr_oob"),
  "create database tr_exists by hand": () => sql(ground, "CREATE DATABASE tr_exists"),
  "create database tr_imp (utf8mb4, utf8mb4_unicode_ci)": () => sql(ground, `CREATE DATABASE tr_imp ${utf8}`),
  "create database tr_imp2 (latin1)": () => sql(ground, "CREATE DATABASE tr_imp2 CHARACTER SET latin1"),
  "create user … require ssl": () =>
    sql(
      ground,
      `CREATE USER IF NOT EXISTS tradmin2@'${network()}' IDENTIFIED BY '${password}' REQUIRE SSL; GRANT ALL ON *.* TO tradmin2@'${network()}'`,
    ),
  clean: dropAll,
  "(from here on the provider points to a closed port)": async () => [],
};

/** Things to look at: compared with the transcript. */
async function look(request: string): Promise<string[] | undefined> {
  const shown = /^show create database (?<name>\w+)$/.exec(request)?.groups?.["name"];
  if (shown !== undefined) return sql(ground, `SHOW CREATE DATABASE ${shown}`);
  if (request.startsWith("users on the server")) {
    return sql(
      ground,
      "SELECT TRIM(TRAILING '\\t' FROM CONCAT(User, '\\t', Host)) FROM mysql.user WHERE User <> 'tradmin2' ORDER BY Host, User",
    );
  }
  return undefined;
}

beforeAll(async () => {
  ground = await labGround();
  await prepareSql(ground);
  stage = {
    definitions,
    // The official plugin tries for five minutes: the texts and the order are the same after three seconds.
    environment: { ...process.env, CASSIOPEA_STAND_IN_RETRY_SECONDS: "3" },
    plugins: { mysql: await bundle("mysql"), command: await bundle("command") },
    placeholders: new Map([
      ["<host>:3306", `${ground.address}:${sqlPort}`],
      ["<host>", ground.address],
      ["<host 2>", ground.second],
      ["<client>", ground.client],
      ["<net>", ground.address.replace(/\.\d+$/, "")],
      ["<password>", sqlPassword],
    ]),
    configuration: (scenario, run, plugin) =>
      plugin === "command"
        ? { "__pulumi-go-provider-version": "1.2.0", version: "1.2.1" }
        : {
            endpoint: "<host>:3306",
            username: "tradmin",
            password: secret("<password>"),
            tls: "false",
            ...changed[scenario]?.(run),
          },
    async outside(_scenario, request) {
      const seen = await look(request);
      if (seen !== undefined) return seen;
      const act = outside[request];
      if (act !== undefined) await act();
      else if (!request.startsWith("databases")) throw new Error(`nothing is known of: ${request}`);
      return act === undefined ? undefined : [];
    },
    silenceMs: 5000,
  };
});

afterAll(async () => {
  if (ground !== undefined) await cleanSql(ground);
});

describe("the mysql plugin answers as the official one did", () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", async (name, scenario) => {
    const listed = scenario.steps.flatMap(({ request, response }) =>
      typeof request === "string" && request.startsWith("databases") ? [response as string[]] : [],
    );
    const found: string[][] = [];
    const watching: Stage = {
      ...stage,
      ...(name === "interrupt-while-retrying" ? { environment: process.env } : {}),
      outside: async (scenarioName, request) => {
        if (request.startsWith("databases")) found.push(await databases());
        return stage.outside(scenarioName, request);
      },
    };
    const { differences, compared } = await replay(scenario, watching).finally(dropAll);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(0);
    const form = (names: string[]) =>
      names
        .filter((each) => !ownDatabases.test(each))
        .map((each) => each.replace(/^auto-\w{7}$/, "auto"))
        .sort();
    expect(found.map(form)).toEqual(listed.map(form));
  });
});
