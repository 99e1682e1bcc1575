import { errors, folder, home, host, type Kind, lac } from "./kind.ts";

const document = "/etc/hosting/members/lac.json";
/** Kinds that the documents themselves suffer: they are put right by those that were deployed. */
export const documentKinds: readonly Kind[] = [
  {
    name: "member's document edited",
    damage: `sed -i 's/"disk":[0-9]*/"disk":50000000000/' ${document}`,
    drift: [lac(document, "document")],
  },
  { name: "member's document unreadable", damage: `echo '{' > ${document}`, drift: [lac(document, "document")] },
  { name: "member's document removed", damage: `rm ${document}`, drift: [lac(document, "document")] },
  { name: "member's document readable by all", damage: `chmod 644 ${document}`, drift: [lac(document, "document")] },
  {
    name: "host's document edited",
    damage: `sed -i 's/"contact":"[^"]*"/"contact":"eve@example.org"/' /etc/hosting/host.json`,
    drift: [host("/etc/hosting/host.json", "document")],
  },
];

/** What changes a host as it should, and is no drift. */
export const ordinary: readonly [string, string][] = [
  ["a reload of nginx", "systemctl reload nginx"],
  ["a restart of a member's PHP", "systemctl restart php-member@lac.service"],
  [
    "a certificate that was renewed",
    `cd /var/lib/hosting/acme/certs/lac.example && before=$(sha256sum < fullchain.pem) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 5 -keyout privkey.pem -out fullchain.pem -subj /CN=lac.example -addext subjectAltName=DNS:lac.example,DNS:www.lac.example 2>/dev/null && cp fullchain.pem cert.pem && soon=$(sha256sum < fullchain.pem) && hosting-agent settle </dev/null >/dev/null && test "$soon" != "$(sha256sum < fullchain.pem)"`,
  ],
  [
    "an import into a database",
    `runuser -u lac -- mariadb lac_site -e "DROP TABLE IF EXISTS imported; CREATE TABLE imported (id INT); INSERT INTO imported VALUES (1), (2)"`,
  ],
  [
    "a member's work on their own files",
    `runuser -u lac -- sh -ec 'cd ${folder}; mkdir -p new; echo a > new/a; chmod 600 new/a; chmod 700 new; ln -sfn new link; setfacl -m u:www-data:r new/a; chmod 755 .; chmod 640 ${errors}; echo x >> ${errors}'`,
  ],
  [
    "a member's own link in place of a site's folder",
    `runuser -u lac -- sh -ec 'cd ${home}/sites; mv vieux.lac.example real; ln -s real vieux.lac.example'`,
  ],
  ["a visit and its log", `curl -sk -o /dev/null --resolve lac.example:443:127.0.0.1 https://lac.example/`],
  ["a measure", "hosting-agent measure </dev/null >/dev/null"],
  ["an export", "hosting-agent export lac </dev/null >/dev/null"],
];
