import ClusterModel
import Simulation

/// A whole answer as `nslookup -debug` prints it (BIND bin/dig/nslookup.c detailsection).
struct NslookupMessage {
  let lookup: Resolver.Lookup

  var text: String {
    let (question, answer) = (lookup.question, lookup.answer)
    var text = "------------\n    QUESTIONS:\n"
    text += "\t\(Self.plain(question.name)), type = \(question.type.rawValue), class = IN\n"
    for (title, records) in [
      ("ANSWERS", answer.answers), ("AUTHORITY RECORDS", answer.authority),
      ("ADDITIONAL RECORDS", answer.additional),
    ] {
      text += "    \(title):\n"
      for record in records {
        text += "    ->  \(Self.plain(record.name))\n\(Self.data(record))\tttl = \(record.ttl)\n"
      }
    }
    return text + "------------\n"
  }

  private static func plain(_ name: String) -> String {
    name.hasSuffix(".") && name.count > 1 ? String(name.dropLast()) : name
  }

  private static func data(_ record: DNSRecord) -> String {
    switch record.data {
    case .address(let address):
      address.family == .ipv4
        ? "\tinternet address = \(address)\n" : "\thas AAAA address \(address)\n"
    case .canonicalName(let target): "\tcanonical name = \(target)\n"
    case .pointer(let target): "\tname = \(target)\n"
    case .service: "\tservice = \(record.text)\n"
    case .text: "\ttext = \(record.text)\n"
    case .authority(let server, let mailbox, let serial, let minimum):
      "\torigin = \(plain(server))\n\tmail addr = \(plain(mailbox))\n\tserial = \(serial)\n"
        + "\trefresh = 7200\n\tretry = 1800\n\texpire = 86400\n\tminimum = \(minimum)\n"
    }
  }
}
