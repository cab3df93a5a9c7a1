/* rabbitmq.h - librabbitmq's headers, where its version keeps them: in a folder of their
 * own since 0.12 (Debian 13), where the old names only warn. */
#ifndef INGEST_RABBITMQ_H
#define INGEST_RABBITMQ_H

#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif

#endif
