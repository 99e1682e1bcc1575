/** What `pulumi stack export` says of the zone of `lac.example`, in the forms of test/transcripts/cloudflare.json. */
export const lacState = {
  version: 3,
  deployment: {
    resources: [
      {
        urn: "urn:pulumi:prod::cassiopea::cassiopea:dns:Domain$cloudflare:index/zone:Zone::domain/lac.example/zone",
        type: "cloudflare:index/zone:Zone",
        id: "3c3da4a4ab0fda41a184a658ad66ae1f",
        outputs: { name: "lac.example", nameServers: ["bob.ns.cloudflare.com", "ada.ns.cloudflare.com"] },
      },
      {
        urn: "urn:pulumi:prod::cassiopea::cassiopea:dns:Domain$cloudflare:index/zoneDnssec:ZoneDnssec::domain/lac.example/dnssec",
        type: "cloudflare:index/zoneDnssec:ZoneDnssec",
        id: "3c3da4a4ab0fda41a184a658ad66ae1f",
        outputs: {
          zoneId: "3c3da4a4ab0fda41a184a658ad66ae1f",
          algorithm: "13",
          digestType: "2",
          digest: "48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45",
          keyTag: 16953,
        },
      },
    ],
  },
};
