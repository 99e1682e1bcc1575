"""The service's own Python client on the API at argv[1], token in the environment: does what stdin's JSON says, prints what it read."""

import json
import os
import sys

from cloudflare import Cloudflare

client = Cloudflare(api_token=os.environ["DNS_API_TOKEN"], base_url=sys.argv[1], max_retries=0)
asked = json.load(sys.stdin)
if "zones_per_page" in asked:
    print(json.dumps([one.name for one in client.zones.list(per_page=asked["zones_per_page"])]))
    sys.exit()
zone = next(one for one in client.zones.list(name=asked["zone"]))
for record in asked.get("create", []):
    client.dns.records.create(zone_id=zone.id, **record)
for change in asked.get("edit", []):
    client.dns.records.edit(change.pop("id"), zone_id=zone.id, **change)
for record_id in asked.get("delete", []):
    client.dns.records.delete(record_id, zone_id=zone.id)
# Iterating asks for page after page.
records = list(client.dns.records.list(zone_id=zone.id, per_page=asked.get("per_page", 100)))
print(json.dumps([record.to_dict() for record in records], default=str))
