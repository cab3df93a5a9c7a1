#include "http/sources.h"

void sources_start(struct sources *s, const struct http_sources *first)
{
    *s = (struct sources){.current = *first};
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->idle, NULL);
}

void sources_end(struct sources *s)
{
    (void)pthread_cond_destroy(&s->idle);
    (void)pthread_mutex_destroy(&s->lock);
}

void sources_use(struct sources *s, struct sources_hold *ret)
{
    (void)pthread_mutex_lock(&s->lock);
    ret->sources = s->current;
    ret->generation = s->generation;
    s->users[s->generation % 2]++;
    (void)pthread_mutex_unlock(&s->lock);
}

void sources_done(struct sources *s, const struct sources_hold *hold)
{
    (void)pthread_mutex_lock(&s->lock);
    if (--s->users[hold->generation % 2] == 0)
        (void)pthread_cond_broadcast(&s->idle);
    (void)pthread_mutex_unlock(&s->lock);
}

void sources_put(struct sources *s, const struct http_sources *next)
{
    (void)pthread_mutex_lock(&s->lock);
    s->generation++;
    s->current = *next;
    (void)pthread_mutex_unlock(&s->lock);
}

void sources_settle(struct sources *s)
{
    (void)pthread_mutex_lock(&s->lock);
    while (s->users[(s->generation + 1) % 2] > 0)
        (void)pthread_cond_wait(&s->idle, &s->lock);
    (void)pthread_mutex_unlock(&s->lock);
}
