package dev.sluice.proof;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a topic must hold: for some events a record, by the place of the event in the input. */
interface Wanted {

  /** Returns how many events were sent. */
  int count();

  /** Returns the event that was read from an offset of an input partition, -1 if none was. */
  int index(int partition, long offset);

  /** Returns whether an event has a record in this topic. */
  boolean mustCome(int index);

  /** Returns whether a record has the key and the bytes that it must have for an event. */
  boolean isRight(int index, ConsumerRecord<byte[], byte[]> record);

  /** Returns the number of an event's key, from 0; -1 where order is not promised. */
  int keyOf(int index);
}
