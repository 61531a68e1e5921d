#!/bin/sh
# bookworm.sh - the service in Debian 12.
exec "${0%/*}/suite" bookworm
