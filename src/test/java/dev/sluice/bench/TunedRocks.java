package dev.sluice.bench;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.Filter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/** RocksDB as one sets it up for point reads of rows of a kilobyte, with memory to spare. */
public final class TunedRocks implements RocksDBConfigSetter {

  private static final int BLOCK_CACHE_BYTES = 512 << 20;
  private static final int MEMTABLE_BYTES = 128 << 20;

  private final Cache cache = new LRUCache(BLOCK_CACHE_BYTES);
  private final Filter filter = new BloomFilter(10);

  /** Created by Kafka Streams, by name. */
  public TunedRocks() {}

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(cache);
    table.setBlockSize(4096);
    table.setFilterPolicy(filter);
    table.setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash);
    table.setCacheIndexAndFilterBlocks(false);
    options.setTableFormatConfig(table);
    options.setWriteBufferSize(MEMTABLE_BYTES);
    options.setMaxWriteBufferNumber(3);
    options.setCompressionType(CompressionType.NO_COMPRESSION);
  }

  @Override
  public void close(String storeName, Options options) {
    cache.close();
    filter.close();
  }
}
