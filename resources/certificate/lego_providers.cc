// SPDX-License-Identifier: MPL-2.0
// The names are those of vancluever/acme's guides, the scripts those of dns-lexicon 3.25 and acme.sh 3.1.
#include "resources/certificate/lego_providers.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace resources::certificate {
namespace {

using base::Cat;
using Row = LegoProvider;

constexpr std::array kProviders{
    Row{"acme-dns", "acme-dns", "", "acmedns"},
    Row{"active24", "Active24", "", "active24"},
    Row{"alidns", "Alibaba Cloud DNS", "aliyun", "ali"},
    Row{"aliesa", "Alibaba Cloud ESA", "", ""},
    Row{"allinkl", "ALL-INKL", "", "kas"},
    Row{"alwaysdata", "Alwaysdata", "", "ad"},
    Row{"anexia", "Anexia CloudDNS", "", "anx"},
    Row{"artfiles", "ArtFiles", "", "artfiles"},
    Row{"arvancloud", "ArvanCloud", "arvancloud", "arvan"},
    Row{"auroradns", "Aurora DNS", "aurora", "aurora"},
    Row{"autodns", "AutoDNS", "", "autodns"},
    Row{"axelname", "Axelname", "", ""},
    Row{"azion", "Azion", "", "azion"},
    Row{"azure", "Azure DNS", "azure", "azure"},
    Row{"azuredns", "Azure DNS", "azure", "azure"},
    Row{"baiducloud", "Baidu Cloud", "", "baidu"},
    Row{"beget", "Beget", "", "beget"},
    Row{"binarylane", "Binary Lane", "", ""},
    Row{"bindman", "Bindman", "", ""},
    Row{"bluecat", "Bluecat", "", ""},
    Row{"bluecatv2", "Bluecat v2", "", ""},
    Row{"bookmyname", "BookMyName", "", "bookmyname"},
    Row{"brandit", "Brandit", "", ""},
    Row{"bunny", "bunny.net", "", "bunny"},
    Row{"checkdomain", "Checkdomain", "", ""},
    Row{"civo", "Civo", "", ""},
    Row{"clouddns", "CloudDNS", "", "clouddns"},
    Row{"cloudflare", "Cloudflare", "cloudflare", "cf"},
    Row{"cloudns", "ClouDNS", "cloudns", "cloudns"},
    Row{"cloudru", "Cloud.ru", "", ""},
    Row{"cloudxns", "CloudXNS", "cloudxns", ""},
    Row{"com35", "35.com", "", ""},
    Row{"conoha", "ConoHa v2", "conoha", "conoha"},
    Row{"conohav3", "ConoHa v3", "", ""},
    Row{"constellix", "Constellix", "constellix", "constellix"},
    Row{"corenetworks", "Core-Networks", "", ""},
    Row{"cpanel", "cPanel/WHM", "", "cpanel"},
    Row{"czechia", "Czechia", "", "czechia"},
    Row{"ddnss", "DDNSS", "", "ddnss"},
    Row{"derak", "Derak Cloud", "", ""},
    Row{"desec", "deSEC", "desec", "desec"},
    Row{"designate", "OpenStack Designate", "", "openstack"},
    Row{"digitalocean", "DigitalOcean", "digitalocean", "dgon"},
    Row{"directadmin", "DirectAdmin", "directadmin", "da"},
    Row{"dnsexit", "DNSExit", "", "dnsexit"},
    Row{"dnshomede", "dnsHome.de", "", "dnshome"},
    Row{"dnsimple", "DNSimple", "dnsimple", "dnsimple"},
    Row{"dnsmadeeasy", "DNS Made Easy", "dnsmadeeasy", "me"},
    Row{"dnspod", "DNSPod", "dnspod", "dp"},
    Row{"dode", "Domain Offensive", "", "doapi"},
    Row{"domeneshop", "Domeneshop", "", "domeneshop"},
    Row{"dreamhost", "DreamHost", "dreamhost", "dreamhost"},
    Row{"duckdns", "Duck DNS", "duckdns", "duckdns"},
    Row{"dyn", "Dyn", "", "dyn"},
    Row{"dyndnsfree", "DynDnsFree.de", "", ""},
    Row{"dynu", "Dynu", "dynu", "dynu"},
    Row{"easydns", "easyDNS", "easydns", "easydns"},
    Row{"edgecenter", "EdgeCenter", "", "edgecenter"},
    Row{"edgedns", "Akamai Edge DNS", "", "edgedns"},
    Row{"edgeone", "Tencent EdgeOne", "", ""},
    Row{"efficientip", "EfficientIP", "", "efficientip"},
    Row{"epik", "Epik", "", ""},
    Row{"eurodns", "EuroDNS", "", "eurodns"},
    Row{"excedo", "Excedo", "", ""},
    Row{"exec", "A program", "", ""},
    Row{"exoscale", "Exoscale", "exoscale", "exoscale"},
    Row{"f5xc", "F5 Distributed Cloud", "", ""},
    Row{"freemyip", "freemyip.com", "", "freemyip"},
    Row{"gandi", "Gandi, the former API", "", ""},
    Row{"gandiv5", "Gandi LiveDNS", "gandi", "gandi_livedns"},
    Row{"gcloud", "Google Cloud DNS", "googleclouddns", "gcloud"},
    Row{"gcore", "Gcore", "", "gcore"},
    Row{"gigahostno", "Gigahost.no", "", ""},
    Row{"glesys", "Glesys", "glesys", ""},
    Row{"godaddy", "GoDaddy", "godaddy", "gd"},
    Row{"googledomains", "Google Domains", "", "googledomains"},
    Row{"gravity", "Gravity", "", ""},
    Row{"hetzner", "Hetzner", "hetzner", "hetznercloud"},
    Row{"hostingde", "Hosting.de", "hostingde", "hostingde"},
    Row{"hostinger", "Hostinger", "", ""},
    Row{"hostingnl", "Hosting.nl", "", ""},
    Row{"hosttech", "Hosttech", "", ""},
    Row{"httpnet", "http.net", "httpnet", ""},
    Row{"httpreq", "HTTP request", "", ""},
    Row{"huaweicloud", "Huawei Cloud", "", "huaweicloud"},
    Row{"hurricane", "Hurricane Electric", "henet", "he"},
    Row{"hyperone", "HyperOne", "", ""},
    Row{"ibmcloud", "IBM Cloud (SoftLayer)", "softlayer", ""},
    Row{"iij", "Internet Initiative Japan", "", ""},
    Row{"iijdpf", "IIJ DNS Platform Service", "", ""},
    Row{"infoblox", "Infoblox", "infoblox", "infoblox"},
    Row{"infomaniak", "Infomaniak", "infomaniak", "infomaniak"},
    Row{"internetbs", "Internet.bs", "internetbs", "internetbs"},
    Row{"inwx", "INWX", "inwx", "inwx"},
    Row{"ionos", "IONOS", "ionos", "ionos"},
    Row{"ionoscloud", "IONOS Cloud", "", "ionos_cloud"},
    Row{"ipv64", "IPv64", "", "ipv64"},
    Row{"ispconfig", "ISPConfig 3", "", "ispconfig"},
    Row{"ispconfigddns", "ISPConfig 3, its module for dynamic DNS", "", ""},
    Row{"iwantmyname", "iwantmyname", "", ""},
    Row{"jdcloud", "JD Cloud", "", "jd"},
    Row{"joker", "Joker", "joker", "joker"},
    Row{"keyhelp", "KeyHelp", "", ""},
    Row{"leaseweb", "Leaseweb", "", "leaseweb"},
    Row{"liara", "Liara", "", ""},
    Row{"lightsail", "Amazon Lightsail", "", ""},
    Row{"limacity", "lima-city", "", "limacity"},
    Row{"linode", "Linode", "linode4", "linode_v4"},
    Row{"liquidweb", "Liquid Web", "", ""},
    Row{"loopia", "Loopia", "", "loopia"},
    Row{"luadns", "LuaDNS", "luadns", "lua"},
    Row{"mailinabox", "Mail-in-a-Box", "", "miab"},
    Row{"manageengine", "ManageEngine CloudDNS", "", ""},
    Row{"manual", "By hand", "", ""},
    Row{"metaname", "Metaname", "", ""},
    Row{"metaregistrar", "Metaregistrar", "", ""},
    Row{"mijnhost", "mijn.host", "", "mijnhost"},
    Row{"mittwald", "Mittwald", "", ""},
    Row{"myaddr", "myaddr", "", ""},
    Row{"mydnsjp", "MyDNS.jp", "", "mydnsjp"},
    Row{"mythicbeasts", "Mythic Beasts", "mythicbeasts", "mythic_beasts"},
    Row{"namecheap", "Namecheap", "namecheap", "namecheap"},
    Row{"namedotcom", "Name.com", "namecom", "namecom"},
    Row{"namesilo", "NameSilo", "namesilo", "namesilo"},
    Row{"namesurfer", "NameSurfer", "", ""},
    Row{"nearlyfreespeech", "NearlyFreeSpeech.NET", "nfsn", ""},
    Row{"neodigit", "Neodigit", "", "neodigit"},
    Row{"netcup", "Netcup", "netcup", "netcup"},
    Row{"netlify", "Netlify", "", "netlify"},
    Row{"netnod", "Netnod", "", ""},
    Row{"nicmanager", "Nicmanager", "", ""},
    Row{"nicru", "RU-CENTER", "", "nic"},
    Row{"nifcloud", "NIFCloud", "", ""},
    Row{"njalla", "Njalla", "njalla", "njalla"},
    Row{"nodion", "Nodion", "", ""},
    Row{"ns1", "NS1", "nsone", "nsone"},
    Row{"octenium", "Octenium", "", ""},
    Row{"onecloudru", "1cloud.ru", "", ""},
    Row{"onlinenet", "Online.net", "online", "online"},
    Row{"oraclecloud", "Oracle Cloud", "oci", "oci"},
    Row{"otc", "Open Telekom Cloud", "", ""},
    Row{"ovh", "OVH", "ovh", "ovh"},
    Row{"pdns", "PowerDNS", "powerdns", "pdns"},
    Row{"plesk", "Plesk", "plesk", "pleskxml"},
    Row{"porkbun", "Porkbun", "porkbun", "porkbun"},
    Row{"rackspace", "Rackspace", "rackspace", "rackspace"},
    Row{"rainyun", "Rain Yun", "", ""},
    Row{"rcodezero", "RcodeZero", "rcodezero", "rcode0"},
    Row{"regfish", "regfish", "regfish", ""},
    Row{"regru", "reg.ru", "", "regru"},
    Row{"rfc2136", "RFC 2136", "ddns", "nsupdate"},
    Row{"rimuhosting", "RimuHosting", "", ""},
    Row{"route53", "Amazon Route 53", "route53", "aws"},
    Row{"safedns", "ANS SafeDNS", "safedns", ""},
    Row{"sakuracloud", "Sakura Cloud", "sakuracloud", ""},
    Row{"scaleway", "Scaleway", "scaleway", "scaleway"},
    Row{"selectel", "Selectel", "", "selectel"},
    Row{"selectelv2", "Selectel v2", "", ""},
    Row{"selfhostde", "SelfHost", "", "selfhost"},
    Row{"servercow", "Servercow", "", "servercow"},
    Row{"shellrent", "Shellrent", "", ""},
    Row{"simply", "Simply.com", "", "simply"},
    Row{"sonic", "Sonic", "", ""},
    Row{"spaceship", "Spaceship", "", "spaceship"},
    Row{"stackpath", "Stackpath", "", ""},
    Row{"syse", "Syse", "", ""},
    Row{"technitium", "Technitium", "", "technitium"},
    Row{"tencentcloud", "Tencent Cloud DNS", "qcloud", "tencent"},
    Row{"timewebcloud", "Timeweb Cloud", "timeweb", "timeweb"},
    Row{"todaynic", "TodayNIC", "", ""},
    Row{"transip", "TransIP", "transip", "transip"},
    Row{"ucloud", "UCloud", "", ""},
    Row{"ultradns", "UltraDNS", "ultradns", "ultra"},
    Row{"uniteddomains", "united-domains", "", ""},
    Row{"variomedia", "Variomedia", "", "variomedia"},
    Row{"vegadns", "VegaDNS", "", ""},
    Row{"vercel", "Vercel", "vercel", "vercel"},
    Row{"versio", "Versio", "", ""},
    Row{"vinyldns", "VinylDNS", "", ""},
    Row{"virtualname", "Virtualname", "", ""},
    Row{"vkcloud", "VK Cloud", "", ""},
    Row{"volcengine", "Volcano Engine", "", ""},
    Row{"vscale", "Vscale", "", "vscale"},
    Row{"vultr", "Vultr", "vultr", "vultr"},
    Row{"webnames", "webnames.ru", "", ""},
    Row{"webnamesca", "webnames.ca", "", ""},
    Row{"websupport", "Websupport", "", "websupport"},
    Row{"wedos", "WEDOS", "wedos", ""},
    Row{"westcn", "West.cn", "", "west_cn"},
    Row{"yandex", "Yandex PDD", "yandex", ""},
    Row{"yandex360", "Yandex 360", "", "yandex360"},
    Row{"yandexcloud", "Yandex Cloud", "yandexcloud", "yc"},
    Row{"zoneedit", "ZoneEdit", "", "zoneedit"},
    Row{"zoneee", "Zone.ee", "", "zone"},
    Row{"zonomi", "Zonomi", "zonomi", "zonomi"},
};

std::string Link(std::string_view text, const char* guides, std::string_view page) {
  return guides == nullptr ? std::string(text) : Cat('[', text, "](", guides, page, ".md)");
}

std::string DescribeConnection(const engine::vendors::Vendor& vendor, const char* guides) {
  std::string text =
      Link(Cat("`certwright_app_connection_", vendor.connection->kind, "`"), guides, Cat("dns-", vendor.dns->name));
  std::vector<std::string> variables;
  for (const auto& [variable, field] : vendor.lego.variables) variables.push_back(Cat('`', variable, "` is `", field, '`'));
  return variables.empty() ? text : Cat(text, "; ", base::Join(variables, ", "));
}

}  // namespace

std::span<const LegoProvider> LegoProviders() { return kProviders; }

const engine::vendors::NamedVendor* FindVendorOfLego(std::string_view name) {
  const auto vendors = engine::vendors::Vendors();
  const auto found = std::ranges::find_if(
      vendors, [&](const auto& one) { return std::ranges::find(one.vendor.lego.names, name) != one.vendor.lego.names.end(); });
  return found == vendors.end() ? nullptr : &*found;
}

std::string DescribeReplacement(const LegoProvider& provider, const char* guides) {
  if (const auto* vendor = FindVendorOfLego(provider.name)) return DescribeConnection(vendor->vendor, guides);
  std::vector<std::string> ways;
  if (!provider.lexicon.empty()) {
    ways.push_back(Cat(Link("`bridge:lexicon`", guides, "dns-exec"), " with `LEXICON_PROVIDER = \"", provider.lexicon, "\"`"));
  }
  if (!provider.acme_sh.empty()) {
    ways.push_back(Cat(Link("`bridge:acme.sh`", guides, "dns-exec"), " with `ACME_SH_DNSAPI = \"dns_", provider.acme_sh, "\"`"));
  }
  if (!ways.empty()) return base::Join(ways, ", or ");
  return Cat("a ", Link("program", guides, "dns-exec"), " or ", Link("webhook", guides, "dns-webhook"), " of your own");
}

std::string DescribeReplacement(std::string_view name) {
  const auto found = std::ranges::find(kProviders, name, &LegoProvider::name);
  return DescribeReplacement(found == kProviders.end() ? LegoProvider{.name = name} : *found, nullptr);
}

}  // namespace resources::certificate
