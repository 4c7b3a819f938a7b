/** ZooKeeper servers for tests. */
package io.snowline.coordination.zookeeper.testing;
