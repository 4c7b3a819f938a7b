/** Real Redis servers for tests: found, started and stopped; alone, replicated under Sentinels, or as a Cluster. */
package io.snowline.coordination.redis.testing;
