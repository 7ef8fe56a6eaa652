# SPDX-License-Identifier: Apache-2.0
# The operators in files of their own.
libexec_a_SOURCES +=
