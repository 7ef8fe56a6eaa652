# SPDX-License-Identifier: Apache-2.0
# Statements that define and show.
libexec_a_SOURCES +=
