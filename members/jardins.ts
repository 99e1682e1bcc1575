import { member } from "../src/member.ts";

export default member({
  number: 5824,
  name: "Les Jardins partagés",
  kind: "association",
  membership: { since: "2024-03-01" },
  packs: [{ pack: "autonomous", from: "2024-03-01" }],
  domains: [{ name: "jardins.example", from: "2024-03-01" }],
  databases: [{ name: "site" }],
});
