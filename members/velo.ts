import { member } from "../src/member.ts";

export default member({
  number: 39291,
  name: "Atelier vélo du quartier",
  kind: "association",
  membership: { since: "2026-05-02" },
  packs: [{ pack: "autonomous", from: "2026-05-02" }],
  domains: [{ name: "velo.example", from: "2026-05-02" }],
  databases: [{ name: "site" }],
});
