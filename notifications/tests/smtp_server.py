"""A small SMTP server for tests, which can be told to misbehave as real ones do."""

import socketserver
import threading
from contextlib import contextmanager


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        if server.behaviour == "hang_up":
            return
        self.answer("220 ready")
        for line in self.rfile:
            verb = line.split(b" ")[0].strip().upper()
            if verb in (b"EHLO", b"HELO", b"RSET", b"NOOP", b"MAIL"):
                self.answer("250 ok")
            elif verb == b"RCPT":
                address = line.split(b"<")[1].split(b">")[0].decode()
                if address in server.unknown:
                    self.answer("550 no such mailbox")
                elif server.behaviour == "later":
                    self.answer("451 come back later")
                else:
                    self.answer("250 ok")
            elif verb == b"DATA":
                if not self.take(server):
                    return
            else:
                self.answer("221 bye")
                return

    def take(self, server):
        self.answer("354 go on")
        text = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            text += line
        if server.behaviour == "lose_after_taking":
            server.taken.append(text)
            return False
        if server.behaviour == "refuse_text":
            self.answer("554 not this")
            return True
        server.taken.append(text)
        self.answer("250 taken")
        return True

    def answer(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def smtp_server(settings):
    """A server that the portal's mail goes to; its attributes: `behaviour`, `unknown` addresses, the mails `taken`."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.behaviour, server.unknown, server.taken = "accept", set(), []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 5
        yield server
        server.shutdown()
        thread.join()
