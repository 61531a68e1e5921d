#!/usr/bin/python3
# serve_pyftpdlib.py SERVICE PORT [CERTIFICATE] - pyftpdlib as a server of the host's
# accounts, with their passwords checked by PAM as the other servers check them.
import ctypes
import logging
import os
import sys

from pyftpdlib.authorizers import AuthenticationFailed, UnixAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

MESSAGE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p,
                           ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)
pam = ctypes.CDLL("libpam.so.0")
libc = ctypes.CDLL(None)
libc.calloc.restype = libc.strdup.restype = ctypes.c_void_p


class Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


class Conversation(ctypes.Structure):
    _fields_ = [("call", MESSAGE), ("data", ctypes.c_void_p)]


def check_password(service, user, password):
    def answer(count, _messages, responses, _data):
        at = libc.calloc(count, ctypes.sizeof(Response))
        for response in (Response * count).from_address(at):
            response.text = libc.strdup(password.encode())
        responses[0] = at
        return 0

    handle = ctypes.c_void_p()
    conversation = Conversation(MESSAGE(answer), None)
    result = pam.pam_start(service.encode(), user.encode(),
                           ctypes.byref(conversation), ctypes.byref(handle))
    if result == 0:
        result = pam.pam_authenticate(handle, 0)
    if result == 0:
        result = pam.pam_acct_mgmt(handle, 0)
    pam.pam_end(handle, result)
    return result == 0


class Authorizer(UnixAuthorizer):
    service = None

    def validate_authentication(self, username, password, handler):
        if not check_password(self.service, username, password):
            raise AuthenticationFailed("Login incorrect.")


def main(service, port, certificate=None):
    logging.basicConfig(filename=os.path.abspath("pyftpdlib-%s.log" % port),
                        level=logging.INFO)
    handler = FTPHandler
    if certificate is not None:
        from pyftpdlib.handlers import TLS_FTPHandler
        handler = TLS_FTPHandler
        handler.certfile = certificate
    Authorizer.service = service
    handler.authorizer = Authorizer(require_valid_shell=False)
    server = FTPServer(("127.0.0.1", int(port)), handler, backlog=1000)
    server.max_cons = 3000
    server.serve_forever()


main(*sys.argv[1:])
