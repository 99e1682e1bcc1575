import type { Host } from "../../../src/plan/types.ts";

/** One host with all roles, as a stack's configuration gives it. */
export const hosts: Host[] = [
  {
    host: "web1",
    address: "192.0.2.11",
    port: 22,
    user: "root",
    hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIK0wmN0",
    ipv4: "192.0.2.11",
    ipv6: "2001:db8::11",
    name: "web1.example.org",
    roles: ["web", "database", "mail", "lists"],
  },
];
