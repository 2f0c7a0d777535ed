package dev.sluice.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * How RocksDB is set up for rows: all stores of a process share one bounded block cache of 64 MB,
 * of which memtables take at most 32 MB. Recent rows are resident in our own cache already.
 *
 * <p>Replaced with the property {@code rocksdb.config.setter}.
 */
public final class RocksSettings implements RocksDBConfigSetter {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long MEMTABLE_BYTES = 32L << 20;
  private static final long ONE_MEMTABLE_BYTES = 8L << 20;
  private static final int BLOCK_BYTES = 8 << 10;
  private static final int BITS_PER_KEY = 10;

  private BloomFilter filter = new BloomFilter(BITS_PER_KEY);

  /** Created by Kafka Streams, by name. */
  public RocksSettings() {}

  /** Made once the native library is there. */
  private static final class Shared {
    static final Cache CACHE = new LRUCache(CACHE_BYTES);
    static final WriteBufferManager MEMTABLES = new WriteBufferManager(MEMTABLE_BYTES, CACHE);

    private Shared() {}
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    options.setWriteBufferManager(Shared.MEMTABLES);
    options.setWriteBufferSize(ONE_MEMTABLE_BYTES);
    // Floats of random digits: compression costs time and saves nothing.
    options.setCompressionType(CompressionType.NO_COMPRESSION);
    if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
      table.setBlockCache(Shared.CACHE);
      table.setBlockSize(BLOCK_BYTES);
      table.setFilterPolicy(filter);
      table.setCacheIndexAndFilterBlocks(true);
      table.setPinL0FilterAndIndexBlocksInCache(true);
      options.setTableFormatConfig(table);
    }
  }

  @Override
  public void close(String storeName, Options options) {
    filter.close(); // What is shared stays.
  }
}
