/* SPDX-License-Identifier: ISC */
/*
 * The daemon's records as JSON (ctlmsg.h); each of the size of its struct.
 */
#ifndef CTLD_CTL_JSON_H
#define CTLD_CTL_JSON_H

#include <json.h>

/* The caller's to put. */
struct json_object *json_status(const void *);
struct json_object *json_tunnel(const void *);
struct json_object *json_session(const void *);
struct json_object *json_mtu(const void *);
/* Adds what a struct ctl_details knows to the session's. */
void	json_details(struct json_object *, const void *);

#endif
