// The two ends of a connection, for the test that compares Kubarium with a real kernel.
//
//   Probe serve NAME PORT...                      answers every TCP connection, UDP datagram and
//                                                 SCTP association with "NAME ADDRESS", the address
//                                                 it came from
//   Probe dial tcp|udp|sctp ADDRESS PORT COUNT MS [FROM]
//                                                 connects COUNT times, one after the other; a
//                                                 line for each: "ok NAME ADDRESS", "refused",
//                                                 "timeout", "forbidden" or "unreachable"
//   Probe account NAME...                         makes the kernel's counters that nfacct matches
//
// SCTP is the first exchange of an association, INIT and INIT ACK (RFC 9260, 5.1), over raw
// sockets: netfilter knows the protocol also where the kernel has no sockets for it.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_acct.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_SOCKETS 64

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} address_t;

static socklen_t size_of(const address_t *address) {
  return address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;
}

static address_t address_of(const char *text, int port) {
  address_t address;
  memset(&address, 0, sizeof address);
  if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
    address.any.sa_family = AF_INET;
    address.v4.sin_port = htons((uint16_t)port);
  } else if (inet_pton(AF_INET6, text, &address.v6.sin6_addr) == 1) {
    address.any.sa_family = AF_INET6;
    address.v6.sin6_port = htons((uint16_t)port);
  } else {
    fprintf(stderr, "not an address: %s\n", text);
    exit(2);
  }
  return address;
}

static int answer(char *text, size_t size, const char *name, const address_t *from) {
  char source[INET6_ADDRSTRLEN];
  if (from->any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &from->v4.sin_addr, source, sizeof source);
  } else {
    inet_ntop(AF_INET6, &from->v6.sin6_addr, source, sizeof source);
  }
  return snprintf(text, size, "%s %s\n", name, source);
}

// MARK: SCTP

struct sctp {
  uint16_t source, destination;
  uint32_t tag, checksum;
  uint8_t type, flags;
  uint16_t length;
  uint32_t own_tag, window;
  uint16_t out_streams, in_streams;
  uint32_t first_number;
  // The state cookie: a parameter that only who wrote it reads.
  uint16_t parameter, parameter_length;
  char cookie[64];
};

enum { SCTP_INIT = 1, SCTP_INIT_ACK = 2, SCTP_PLAIN = 32, SCTP_WHOLE = sizeof(struct sctp) };

static uint32_t crc32c(const uint8_t *bytes, size_t count) {
  uint32_t sum = ~0u;
  for (size_t index = 0; index < count; index++) {
    sum ^= bytes[index];
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0x82F63B78u : 0);
  }
  return ~sum;
}

static void seal(struct sctp *packet, int type, size_t size) {
  packet->type = (uint8_t)type;
  packet->length = htons((uint16_t)(size - 12));
  packet->window = htonl(65536);
  packet->out_streams = packet->in_streams = htons(1);
  packet->first_number = htonl(1);
  packet->checksum = 0;
  packet->checksum = htole32(crc32c((uint8_t *)packet, size));
}

// Reads a packet off a raw socket; IPv4 ones have their IP header in front.
static int take(int descriptor, int family, struct sctp *packet, address_t *from) {
  uint8_t bytes[2048];
  socklen_t size = sizeof *from;
  ssize_t count = recvfrom(descriptor, bytes, sizeof bytes, MSG_DONTWAIT, &from->any, &size);
  ssize_t start = family == AF_INET && count > 0 ? (bytes[0] & 15) * 4 : 0;
  if (count < start + SCTP_PLAIN) return count < 0 ? -1 : 0;
  memset(packet, 0, sizeof *packet);
  size_t rest = (size_t)(count - start);
  memcpy(packet, bytes + start, rest < sizeof *packet ? rest : sizeof *packet);
  return 1;
}

static void acknowledge(int descriptor, int family, const char *name, int count, char **ports) {
  struct sctp packet;
  address_t from;
  if (take(descriptor, family, &packet, &from) != 1 || packet.type != SCTP_INIT) return;
  for (int index = 0; index < count; index++) {
    if (ntohs(packet.destination) != atoi(ports[index])) continue;
    uint16_t port = packet.source;
    packet.source = packet.destination;
    packet.destination = port;
    packet.tag = packet.own_tag;
    packet.parameter = htons(7);
    packet.parameter_length = htons(4 + sizeof packet.cookie);
    memset(packet.cookie, 0, sizeof packet.cookie);
    answer(packet.cookie, sizeof packet.cookie, name, &from);
    seal(&packet, SCTP_INIT_ACK, SCTP_WHOLE);
    if (family == AF_INET6) from.v6.sin6_port = 0;
    sendto(descriptor, &packet, SCTP_WHOLE, 0, &from.any, size_of(&from));
  }
}

// MARK: The server

static int open_server(int family, int type, int port) {
  int one = 1, descriptor = socket(family, type, type == SOCK_RAW ? IPPROTO_SCTP : 0);
  address_t own = address_of(family == AF_INET ? "0.0.0.0" : "::", port);
  if (descriptor < 0) return -1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (family == AF_INET6) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  if (type == SOCK_RAW) return descriptor;
  if (bind(descriptor, &own.any, size_of(&own)) != 0) return perror("bind"), -1;
  if (type == SOCK_STREAM && listen(descriptor, 512) != 0) return perror("listen"), -1;
  return descriptor;
}

static int serve(const char *name, int count, char **ports) {
  struct pollfd sockets[MAX_SOCKETS];
  int types[MAX_SOCKETS], families[MAX_SOCKETS], used = 0;
  for (int family = 0; family < 2; family++) {
    for (int index = -1; index < count && used + 2 <= MAX_SOCKETS; index++) {
      for (int type = SOCK_STREAM; type <= SOCK_RAW; type++) {
        if ((index < 0) != (type == SOCK_RAW)) continue;
        families[used] = family ? AF_INET6 : AF_INET;
        types[used] = type;
        sockets[used].fd = open_server(families[used], type, index < 0 ? 0 : atoi(ports[index]));
        if (sockets[used].fd < 0 && !family) return 1;
        if (sockets[used].fd >= 0) sockets[used++].events = POLLIN;
      }
    }
  }
  while (poll(sockets, (nfds_t)used, -1) >= 0) {
    for (int index = 0; index < used; index++) {
      address_t from;
      socklen_t size = sizeof from;
      char text[128], ignored[128];
      if (!(sockets[index].revents & POLLIN)) continue;
      if (types[index] == SOCK_RAW) {
        acknowledge(sockets[index].fd, families[index], name, count, ports);
      } else if (types[index] == SOCK_STREAM) {
        int peer = accept(sockets[index].fd, &from.any, &size);
        if (peer < 0) continue;
        if (write(peer, text, (size_t)answer(text, sizeof text, name, &from)) < 0) perror("write");
        close(peer);
      } else if (recvfrom(sockets[index].fd, ignored, sizeof ignored, 0, &from.any, &size) >= 0) {
        int length = answer(text, sizeof text, name, &from);
        sendto(sockets[index].fd, text, (size_t)length, 0, &from.any, size);
      }
    }
  }
  return 0;
}

// MARK: The client

static const char *failure(int error) {
  switch (error) {
    case ECONNREFUSED: case ECONNRESET: return "refused";
    case EHOSTUNREACH: case ENETUNREACH: return "unreachable";
    // A rule of OUTPUT threw the datagram away, with or without an answer.
    case EPERM: return "forbidden";
    case EINPROGRESS: case EAGAIN: case ETIMEDOUT: return "timeout";
    default: return strerror(error);
  }
}

static long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Sends an INIT and waits for what comes back to its port; 0 or an error.
static int associate(int descriptor, int family, int port, int patience, char *text) {
  struct pollfd wait = {descriptor, POLLIN, 0};
  struct sctp packet;
  address_t from;
  uint16_t own = htons((uint16_t)(32768 + random() % 28000));
  memset(&packet, 0, sizeof packet);
  packet.source = own;
  packet.destination = htons((uint16_t)port);
  packet.own_tag = htonl((uint32_t)random() | 1);
  seal(&packet, SCTP_INIT, SCTP_PLAIN);
  if (send(descriptor, &packet, SCTP_PLAIN, 0) < 0) return errno;
  for (long end = milliseconds() + patience; milliseconds() < end;) {
    if (poll(&wait, 1, (int)(end - milliseconds())) <= 0) continue;
    int taken = take(descriptor, family, &packet, &from);
    if (taken < 0 && errno != EAGAIN) return errno;
    if (taken != 1 || packet.type != SCTP_INIT_ACK || packet.destination != own) continue;
    packet.cookie[sizeof packet.cookie - 1] = 0;
    packet.cookie[strcspn(packet.cookie, "\n")] = 0;
    sprintf(text, "ok %s", packet.cookie);
    return 0;
  }
  return ETIMEDOUT;
}

// One connection; the answer is written to `text`.
static void dial_once(int type, address_t to, int port, const char *from, int patience, char *text,
                      size_t size) {
  int family = to.any.sa_family;
  int descriptor = socket(family, type | SOCK_NONBLOCK, type == SOCK_RAW ? IPPROTO_SCTP : 0);
  int error = descriptor < 0 ? errno : 0;
  struct pollfd wait = {descriptor, type == SOCK_STREAM ? POLLOUT : POLLIN, 0};
  if (!error && from) {
    address_t own = address_of(from, 0);
    if (bind(descriptor, &own.any, size_of(&own)) != 0) error = errno;
  }
  if (!error && connect(descriptor, &to.any, size_of(&to)) != 0 && errno != EINPROGRESS) {
    error = errno;
  }
  if (!error && type == SOCK_RAW) {
    error = associate(descriptor, family, port, patience, text);
    close(descriptor);
    if (error) snprintf(text, size, "%s", failure(error));
    return;
  }
  if (!error && type == SOCK_DGRAM && send(descriptor, "?", 1, 0) < 0) error = errno;
  if (!error && poll(&wait, 1, patience) == 0) error = ETIMEDOUT;
  if (!error && type == SOCK_STREAM) {
    socklen_t length = sizeof error;
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
    wait.events = POLLIN;
    if (!error && poll(&wait, 1, patience) == 0) error = ETIMEDOUT;
  }
  if (!error) {
    ssize_t length = recv(descriptor, text + 3, size - 4, 0);
    if (length > 0) {
      memcpy(text, "ok ", 3);
      text[3 + length] = 0;
      if (text[2 + length] == '\n') text[2 + length] = 0;
      close(descriptor);
      return;
    }
    error = length < 0 ? errno : ECONNRESET;
  }
  if (descriptor >= 0) close(descriptor);
  snprintf(text, size, "%s", failure(error));
}

static int account(int count, char **names) {
  int descriptor = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
  if (descriptor < 0) return perror("netlink"), 1;
  for (int index = 0; index < count; index++) {
    struct {
      struct nlmsghdr head;
      struct nfgenmsg family;
      struct nlattr attribute;
      char name[NFACCT_NAME_MAX];
    } message;
    struct { struct nlmsghdr head; struct nlmsgerr error; char rest[512]; } reply;
    size_t length = strlen(names[index]) + 1;
    if (length > NFACCT_NAME_MAX) return 2;
    memset(&message, 0, sizeof message);
    memcpy(message.name, names[index], length);
    message.attribute.nla_type = NFACCT_NAME;
    message.attribute.nla_len = (uint16_t)(sizeof message.attribute + length);
    message.head.nlmsg_len =
        NLMSG_LENGTH(sizeof message.family) + NLA_ALIGN(message.attribute.nla_len);
    message.head.nlmsg_type = NFNL_SUBSYS_ACCT << 8 | NFNL_MSG_ACCT_NEW;
    message.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
    if (send(descriptor, &message, message.head.nlmsg_len, 0) < 0) return perror("send"), 1;
    if (recv(descriptor, &reply, sizeof reply, 0) < 0) return perror("recv"), 1;
    if (reply.error.error != 0) return fprintf(stderr, "%s\n", strerror(-reply.error.error)), 1;
  }
  return 0;
}

int main(int count, char **words) {
  // Nothing outlives the test.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (count >= 4 && strcmp(words[1], "serve") == 0) return serve(words[2], count - 3, words + 3);
  if (count >= 3 && strcmp(words[1], "account") == 0) return account(count - 2, words + 2);
  if (count >= 7 && strcmp(words[1], "dial") == 0) {
    int type = strcmp(words[2], "udp") == 0    ? SOCK_DGRAM
               : strcmp(words[2], "sctp") == 0 ? SOCK_RAW
                                               : SOCK_STREAM;
    int port = atoi(words[4]);
    srandom((unsigned)milliseconds() ^ (unsigned)getpid());
    for (int turn = 0; turn < atoi(words[5]); turn++) {
      char text[160];
      dial_once(type, address_of(words[3], type == SOCK_RAW ? 0 : port), port,
                count > 7 ? words[7] : NULL, atoi(words[6]), text, sizeof text);
      puts(text);
    }
    return 0;
  }
  fprintf(stderr, "Probe serve|dial|account ...\n");
  return 2;
}
