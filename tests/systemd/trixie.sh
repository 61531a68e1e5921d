#!/bin/sh
# trixie.sh - the service in Debian 13.
exec "${0%/*}/suite" trixie
