/** Real etcd servers for tests: found, started and stopped; alone, or three as a cluster. */
package io.snowline.coordination.etcd.testing;
