package dev.sluice.stream;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Unpacks what {@link WaveInterceptor} packed, and accepts plain records as they are. */
final class WaveDeserializer implements Deserializer<Wave> {

  @Override
  public Wave deserialize(String topic, Headers headers, byte @Nullable [] data) {
    return headers instanceof Wave.Carrier carrier
        ? new Wave.Run(carrier.records())
        : new Wave.Single(data);
  }

  @Override
  public Wave deserialize(String topic, byte @Nullable [] data) {
    return new Wave.Single(data);
  }
}
