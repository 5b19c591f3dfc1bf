/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The subcommands of capchan, one per file.
 */
#pragma once

/* A subcommand; @argv[0] is its own name. Return: the exit status. */
typedef int command_fn(int argc, char **argv);

command_fn command_run;
command_fn command_check;
command_fn command_limits;

/* The program that does the work of all: capchand, beside capchan or else on the PATH */
int broker_execute(const char *called, const char *option, int argc, char **argv);
