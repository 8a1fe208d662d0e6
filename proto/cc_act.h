/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The septum authors */
/*
 * The actions in the table of control connections, for cc.c, which has them,
 * and cc_table.c, which says when.
 */
#ifndef PROTO_CC_ACT_H
#define PROTO_CC_ACT_H

#include "engine.h"

void	cc_act_open(struct tunnel *, const struct stimulus *);
void	cc_act_offer(struct tunnel *, const struct stimulus *);
void	cc_act_accept(struct tunnel *, const struct stimulus *);
void	cc_act_reject(struct tunnel *, const struct stimulus *);
void	cc_act_forget(struct tunnel *, const struct stimulus *);
void	cc_act_connect(struct tunnel *, const struct stimulus *);
void	cc_act_up(struct tunnel *, const struct stimulus *);
void	cc_act_refuse(struct tunnel *, const struct stimulus *);
void	cc_act_unsolicited(struct tunnel *, const struct stimulus *);
void	cc_act_stop(struct tunnel *, const struct stimulus *);
void	cc_act_unexpected(struct tunnel *, const struct stimulus *);
void	cc_act_stopped(struct tunnel *, const struct stimulus *);
void	cc_act_vanish(struct tunnel *, const struct stimulus *);
void	cc_act_gone(struct tunnel *, const struct stimulus *);
void	cc_act_hello(struct tunnel *, const struct stimulus *);
void	cc_act_fix(struct tunnel *, const struct stimulus *);
void	cc_act_link_up(struct tunnel *, const struct stimulus *);
void	cc_act_silent(struct tunnel *, const struct stimulus *);
void	cc_act_unanswered(struct tunnel *, const struct stimulus *);
void	cc_act_disregard(struct tunnel *, const struct stimulus *);
void	cc_act_ignore(struct tunnel *, const struct stimulus *);
void	cc_act_bug(struct tunnel *, const struct stimulus *);

#endif
