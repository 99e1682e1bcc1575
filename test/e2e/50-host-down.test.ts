import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { startHost, stopHost } from "../../lab/hosts/index.ts";
import { cassiopea, deploy, generated, lab, labHost, onHost } from "./support.ts";

const place = (index: number) => (index % 2 === 0 ? "web1" : "web2");
let first = "";
let more = "";

beforeAll(async () => {
  await lab(["reset", "--hosts", "2"]);
  first = generated(2, place);
  more = generated(6, place);
  await deploy(first);
});

describe("one of two hosts down", () => {
  it("says so within 30 s; the other host's members are done; the next run completes", async () => {
    await stopHost(labHost("web2"));
    const up = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(up.code).toBe(1);
    expect(up.text).toContain("web2");
    expect(up.seconds).toBeLessThan(30);
    const done = (await onHost(labHost("web1"), "ls /etc/hosting/members")).stdout.trim().split("\n");
    expect(done).toHaveLength(3);

    await startHost(labHost("web2"));
    const next = await cassiopea(["up", "--stack", "lab", "--members", more]);
    expect(next.code, next.text).toBe(0);
    const others = (await onHost(labHost("web2"), "ls /etc/hosting/members")).stdout.trim().split("\n");
    expect([...done, ...others].sort()).toEqual(
      readdirSync(more)
        .filter((file) => file.endsWith(".ts"))
        .map((file) => file.replace(".ts", ".json"))
        .sort(),
    );
    const again = await cassiopea(["preview", "--stack", "lab", "--members", more]);
    expect(again.text).toContain("rien à changer");
  });
});
