// The two ends of a connection, for the test that compares Kubarium with a real kernel.
//
//   Probe serve NAME PORT...                      answers every TCP connection and UDP datagram
//                                                 with "NAME ADDRESS", the address it came from
//   Probe dial tcp|udp ADDRESS PORT COUNT MS [FROM]
//                                                 connects COUNT times, one after the other; a
//                                                 line for each: "ok NAME ADDRESS", "refused",
//                                                 "timeout", "forbidden" or "unreachable"
//   Probe account NAME...                         makes the kernel's counters that nfacct matches
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_acct.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_SOCKETS 64

static struct sockaddr_in address_of(const char *text, int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  if (inet_pton(AF_INET, text, &address.sin_addr) != 1) {
    fprintf(stderr, "not an address: %s\n", text);
    exit(2);
  }
  return address;
}

static int answer(char *text, size_t size, const char *name, const struct sockaddr_in *from) {
  char source[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &from->sin_addr, source, sizeof source);
  return snprintf(text, size, "%s %s\n", name, source);
}

static int serve(const char *name, int count, char **ports) {
  struct pollfd sockets[MAX_SOCKETS];
  int used = 0;
  for (int index = 0; index < count && used + 2 <= MAX_SOCKETS; index++) {
    struct sockaddr_in own = address_of("0.0.0.0", atoi(ports[index]));
    for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
      int one = 1, descriptor = socket(AF_INET, type, 0);
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
      if (bind(descriptor, (struct sockaddr *)&own, sizeof own) != 0) return perror("bind"), 1;
      if (type == SOCK_STREAM && listen(descriptor, 512) != 0) return perror("listen"), 1;
      sockets[used].fd = descriptor;
      sockets[used++].events = POLLIN;
    }
  }
  while (poll(sockets, (nfds_t)used, -1) >= 0) {
    for (int index = 0; index < used; index++) {
      struct sockaddr_in from;
      socklen_t size = sizeof from;
      char text[128], ignored[128];
      if (!(sockets[index].revents & POLLIN)) continue;
      if (index % 2 == 0) {
        int peer = accept(sockets[index].fd, (struct sockaddr *)&from, &size);
        if (peer < 0) continue;
        if (write(peer, text, (size_t)answer(text, sizeof text, name, &from)) < 0) perror("write");
        close(peer);
      } else if (recvfrom(sockets[index].fd, ignored, sizeof ignored, 0,
                          (struct sockaddr *)&from, &size) >= 0) {
        int length = answer(text, sizeof text, name, &from);
        sendto(sockets[index].fd, text, (size_t)length, 0, (struct sockaddr *)&from, size);
      }
    }
  }
  return 0;
}

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

// One connection; the answer is written to `text`.
static void dial_once(int type, struct sockaddr_in to, const char *from, int patience, char *text,
                      size_t size) {
  int descriptor = socket(AF_INET, type | SOCK_NONBLOCK, 0), error = 0;
  struct pollfd wait = {descriptor, type == SOCK_STREAM ? POLLOUT : POLLIN, 0};
  if (from) {
    struct sockaddr_in own = address_of(from, 0);
    if (bind(descriptor, (struct sockaddr *)&own, sizeof own) != 0) error = errno;
  }
  if (!error && connect(descriptor, (struct sockaddr *)&to, sizeof to) != 0 &&
      errno != EINPROGRESS) {
    error = errno;
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
  close(descriptor);
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
    int type = strcmp(words[2], "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM;
    for (int turn = 0; turn < atoi(words[5]); turn++) {
      char text[160];
      dial_once(type, address_of(words[3], atoi(words[4])), count > 7 ? words[7] : NULL,
                atoi(words[6]), text, sizeof text);
      puts(text);
    }
    return 0;
  }
  fprintf(stderr, "Probe serve|dial|account ...\n");
  return 2;
}
