import type { Properties } from "../protocol.ts";
import { connectToServer, quoteName, type Server, type ServerSettings, StatementError } from "./server.ts";

/** One resource type: its inputs, and what is done on the server. */
export interface Resource {
  /** values for inputs that are not given */
  defaults: Readonly<Record<string, string>>;
  required: readonly string[];
  /** inputs whose change replaces the resource */
  replaces: readonly string[];
  secrets: readonly string[];
  /** outputs that the server or schema adds when they are not given */
  computed: Properties;
  /** whether a name that is not given is made up */
  autonamed: boolean;
  /** @returns the id */
  create(settings: ServerSettings, inputs: Properties): Promise<string>;
  /** @returns the properties without id, or undefined when it is gone */
  read(settings: ServerSettings, id: string): Promise<Properties | undefined>;
  update(settings: ServerSettings, inputs: Properties): Promise<void>;
  delete(settings: ServerSettings, id: string): Promise<void>;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function statement(verb: "CREATE" | "ALTER", inputs: Properties): string {
  const characterSet = text(inputs["defaultCharacterSet"]);
  const collation = text(inputs["defaultCollation"]);
  return [
    `${verb} DATABASE ${quoteName(text(inputs["name"]))}`,
    ...(characterSet === "" ? [] : [`CHARACTER SET ${quoteName(characterSet)}`]),
    ...(collation === "" ? [] : [`COLLATE ${quoteName(collation)}`]),
  ].join(" ");
}

/** MariaDB error 1049, unknown database. */
const unknownDatabase = 1049;

async function showDatabase(server: Server, name: string): Promise<string | undefined> {
  try {
    const [row] = await server.run(`SHOW CREATE DATABASE ${quoteName(name)}`);
    return text(row?.[1]);
  } catch (error) {
    if (error instanceof StatementError && error.errno === unknownDatabase) return undefined;
    throw new Error(`Error during show create database: ${(error as Error).message}`, { cause: error });
  }
}

const database: Resource = {
  defaults: { defaultCharacterSet: "utf8", defaultCollation: "utf8_general_ci" },
  required: [],
  replaces: ["name"],
  secrets: [],
  computed: {},
  autonamed: true,
  async create(settings, inputs) {
    await (await connectToServer(settings)).run(statement("CREATE", inputs));
    return text(inputs["name"]);
  },
  async read(settings, id) {
    const server = await connectToServer(settings);
    const shown = await showDatabase(server, id);
    if (shown === undefined) return undefined;
    const characterSet = /CHARACTER SET (\S+)/.exec(shown)?.[1] ?? "";
    let collation = /COLLATE (\S+)/.exec(shown)?.[1] ?? "";
    if (collation === "" && characterSet !== "") {
      // A server that leaves the character set's own collation out.
      const rows = await server.run("SHOW COLLATION WHERE `Charset` = ? AND `Default` = 'Yes'", [characterSet]);
      if (rows.length === 0) throw new Error(`Charset ${characterSet} has no default collation`);
      collation = text(rows[0]?.[0]);
    }
    return { name: id, defaultCharacterSet: characterSet, defaultCollation: collation };
  },
  async update(settings, inputs) {
    await (await connectToServer(settings)).run(statement("ALTER", inputs));
  },
  async delete(settings, id) {
    await (await connectToServer(settings)).run(`DROP DATABASE ${quoteName(id)}`);
  },
};

const role: Resource = {
  defaults: {},
  required: [],
  replaces: ["name"],
  secrets: [],
  computed: {},
  autonamed: true,
  async create(settings, inputs) {
    try {
      await (await connectToServer(settings)).run(`CREATE ROLE '${text(inputs["name"])}'`);
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      throw new Error(`error creating role: ${error.message}`, { cause: error });
    }
    return text(inputs["name"]);
  },
  async read(settings, id) {
    const server = await connectToServer(settings);
    try {
      await server.run(`SHOW GRANTS FOR '${id}'`);
    } catch {
      return undefined;
    }
    return { name: id };
  },
  async update() {},
  async delete(settings, id) {
    await (await connectToServer(settings)).run(`DROP ROLE '${id}'`);
  },
};

/** The official plugin asks this of the server before it makes or changes an account. MariaDB 10.10 and later refuse. */
async function askVersion(settings: ServerSettings): Promise<never> {
  await (await connectToServer(settings)).run("SELECT @@GLOBAL.innodb_version");
  throw new Error("the stand-in plugin makes no accounts on servers that know innodb_version");
}

const account = {
  computed: {},
  autonamed: false,
  create: askVersion,
  read: askVersion,
  update: askVersion,
  delete: askVersion,
};

const user: Resource = {
  ...account,
  defaults: { host: "localhost", tlsOption: "NONE" },
  required: ["user"],
  replaces: ["user", "host", "authPlugin", "tlsOption"],
  secrets: ["plaintextPassword", "password"],
};

const grant: Resource = {
  ...account,
  defaults: { host: "localhost", table: "*", tlsOption: "NONE" },
  required: ["database"],
  replaces: ["user", "role", "host", "database", "table", "privileges", "roles", "grant", "tlsOption"],
  secrets: [],
  computed: { grant: false },
};

/** The resources of the plugin, by type token. */
export const resources: Readonly<Record<string, Resource>> = {
  "mysql:index/database:Database": database,
  "mysql:index/role:Role": role,
  "mysql:index/user:User": user,
  "mysql:index/grant:Grant": grant,
};
