import { errors, folder, home, type Kind, lac } from "./kind.ts";

/** Members' folders and logs. */
export const trees: Kind[] = [
  { name: "member's tree open to all", damage: `chmod 755 ${home}`, drift: [lac(home, "member")] },
  { name: "member's tree without its ACL", damage: `setfacl -b ${home}`, drift: [lac(home, "member")] },
  { name: "neighbour let into a member's tree", damage: `setfacl -m u:mer:rx ${home}`, drift: [lac(home, "member")] },
  { name: "member's tree given away", damage: `chown mer ${home}`, drift: [lac(home, "member")] },
  {
    name: "folder of sites given to root",
    damage: `chown root:root ${home}/sites`,
    drift: [lac(`${home}/sites`, "member")],
  },
  {
    name: "link in place of a member's folder",
    damage: `mv ${home}/private ${home}/elsewhere && ln -s elsewhere ${home}/private`,
    drift: [lac(`${home}/private`, "member")],
    undo: `rmdir ${home}/private && mv ${home}/elsewhere ${home}/private`,
  },
  { name: "temporary folder open to all", damage: `chmod 1777 ${home}/tmp`, drift: [lac(`${home}/tmp`, "member")] },
  {
    name: "site's folder given to root",
    damage: `chown root:root ${folder}`,
    drift: [lac(folder, "sites.lac.example")],
  },
  { name: "site's folder without its ACL", damage: `setfacl -b ${folder}`, drift: [lac(folder, "sites.lac.example")] },
  {
    name: "site's folder moved away",
    damage: `mv ${folder} ${folder}.old`,
    drift: [lac(folder, "sites.lac.example")],
    undo: `rm -r ${folder} && mv ${folder}.old ${folder}`,
  },
  {
    name: "link of root's in place of a site's folder",
    damage: `mv ${folder} ${folder}.old && ln -s /srv/hosting/mer/sites/mer.example ${folder}`,
    drift: [lac(folder, "sites.lac.example")],
    undo: `rm -r ${folder} ${folder}.[0-9]* && mv ${folder}.old ${folder}`,
  },
  {
    name: "site's folder removed",
    damage: `rm -r ${home}/sites/vieux.lac.example`,
    drift: [lac(`${home}/sites/vieux.lac.example`, "sites.vieux.lac.example")],
    loses: true,
  },
  {
    name: "folder of logs given to the member",
    damage: "chown lac /var/log/hosting/lac",
    drift: [lac("/var/log/hosting/lac", "member")],
  },
  { name: "log of PHP given to root", damage: `chown root ${errors}`, drift: [lac(errors, "php")] },
  {
    name: "link in place of the log of PHP",
    damage: `rm ${errors} && ln -s /etc/hostname ${errors}`,
    drift: [lac(errors, "php")],
  },
];
