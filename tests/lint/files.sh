#!/bin/sh
# Lists the C files that people write: not what is generated, and not the inputs of tests.
find core locator cm broker cli idl gen examples tests -name '*.[ch]' 2> /dev/null | grep -vE '/(golden|corpus)/' | sort
