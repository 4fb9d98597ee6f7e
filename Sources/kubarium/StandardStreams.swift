import Glibc

/// Writes whole texts to standard output and standard error.
enum StandardStreams {
  enum Stream: Int32 {
    case output = 1
    case error = 2
  }

  /// Writes every byte, however many writes it takes. A reader that has gone away is no failure:
  /// the rest is not wanted.
  static func write(_ text: String, to stream: Stream) {
    var text = text
    text.withUTF8 { buffer in
      var rest = UnsafeRawBufferPointer(buffer)
      while !rest.isEmpty {
        #if canImport(Glibc)
          let count = Glibc.write(stream.rawValue, rest.baseAddress, rest.count)
        #else
          let count = Darwin.write(stream.rawValue, rest.baseAddress, rest.count)
        #endif
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno == EAGAIN {
          waitUntilWritable(stream)
        } else if errno == EPIPE {
          ProcessSetup.exit(stream == .output ? 0 : 1)
        } else if errno != EINTR {
          ProcessSetup.exit(1)
        }
      }
    }
  }

  /// The terminal may have been left in non-blocking mode by another program.
  private static func waitUntilWritable(_ stream: Stream) {
    var entry = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
    _ = poll(&entry, 1, 1000)
  }
}

/// What the process needs before and after everything else.
enum ProcessSetup {
  /// A closed pipe shows as an error of `write`, not as a signal.
  static func prepare() { signal(SIGPIPE, SIG_IGN) }

  static func exit(_ status: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(status)
    #else
      Darwin.exit(status)
    #endif
  }
}
