import { member } from "../src/member.ts";

export default member({
  number: 4286,
  name: "Les Amis du lac",
  kind: "association",
  membership: { since: "2025-09-15" },
  packs: [{ pack: "autonomous", from: "2025-09-15" }],
  domains: [{ name: "lac.example", from: "2025-09-15" }],
  databases: [{ name: "site" }],
});
