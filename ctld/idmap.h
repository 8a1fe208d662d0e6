/* SPDX-License-Identifier: ISC */
/*
 * A table from 32-bit ids to objects.  The nodes live inside the objects,
 * so that putting one in cannot fail and looking one up allocates nothing.
 */
#ifndef CTLD_IDMAP_H
#define CTLD_IDMAP_H

#include <stdint.h>

struct idnode {
	struct idnode	*next;
	void		*obj;
	uint32_t	 id;
};

struct idmap {
	struct idnode	**buckets;
	uint32_t	  n;		/* a power of two */
};

/* For about max objects; 0, or -1 if out of memory. */
int	 idmap_init(struct idmap *, uint32_t max);
void	 idmap_put(struct idmap *, struct idnode *, uint32_t id, void *obj);
/* NULL if there is none. */
void	*idmap_get(const struct idmap *, uint32_t id);
/* Does nothing if the node is not in the map. */
void	 idmap_del(struct idmap *, struct idnode *);

#endif
