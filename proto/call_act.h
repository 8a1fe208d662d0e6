/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The actions in the table of calls, for call.c, which has them, and
 * call_table.c, which says when.
 */
#ifndef PROTO_CALL_ACT_H
#define PROTO_CALL_ACT_H

#include "engine.h"

void	call_act_wait(struct call *, const struct stimulus *);
void	call_act_request(struct call *, const struct stimulus *);
void	call_act_offer(struct call *, const struct stimulus *);
void	call_act_reply(struct call *, const struct stimulus *);
void	call_act_replied(struct call *, const struct stimulus *);
void	call_act_connect(struct call *, const struct stimulus *);
void	call_act_up(struct call *, const struct stimulus *);
void	call_act_notify(struct call *, const struct stimulus *);
void	call_act_errors(struct call *, const struct stimulus *);
void	call_act_link(struct call *, const struct stimulus *);
void	call_act_status(struct call *, const struct stimulus *);
void	call_act_clear(struct call *, const struct stimulus *);
void	call_act_unexpected(struct call *, const struct stimulus *);
void	call_act_drop(struct call *, const struct stimulus *);
void	call_act_lost(struct call *, const struct stimulus *);
void	call_act_cleared(struct call *, const struct stimulus *);
void	call_act_refuse(struct call *, const struct stimulus *);
void	call_act_stray_icrp(struct call *, const struct stimulus *);
void	call_act_stray_ocrp(struct call *, const struct stimulus *);
void	call_act_ignore(struct call *, const struct stimulus *);
void	call_act_bug(struct call *, const struct stimulus *);

#endif
