package dev.sluice.sandbox;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link SandboxBroker} should be; {@link #alone()} is right unless there is a reason.
 *
 * @param nodeId the broker's number, 1 or more, unique among its {@code voters}
 * @param port where clients connect, on 127.0.0.1; 0 takes a free one
 * @param controllerPort where the nodes agree on metadata, on 127.0.0.1; 0 takes a free one
 * @param voters every node of the cluster as {@code id@host:controllerPort}, this one included;
 *     empty for a cluster of one
 * @param folder where the data stays after a close; empty for a temporary folder that does not
 * @param overrides broker properties that win over the sandbox's own
 */
public record SandboxSettings(
    int nodeId,
    int port,
    int controllerPort,
    List<String> voters,
    Optional<Path> folder,
    Map<String, String> overrides) {

  private static final int MAX_PORT = 65_535;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming the setting, the value found and what would be accepted
   */
  public SandboxSettings {
    if (nodeId < 1) {
      throw new IllegalArgumentException(
          "nodeId: " + nodeId + " is out of range. Give a whole number from 1");
    }
    requirePort("port", port);
    requirePort("controllerPort", controllerPort);
    if (!voters.isEmpty() && controllerPort == 0) {
      throw new IllegalArgumentException(
          "controllerPort: the other voters cannot know a port that is not chosen yet. Give the"
              + " one that voters names for node "
              + nodeId);
    }
    voters = List.copyOf(voters);
    overrides = Map.copyOf(overrides);
  }

  /** Returns a cluster of one node on free ports, whose data goes away with it. */
  public static SandboxSettings alone() {
    return new SandboxSettings(1, 0, 0, List.of(), Optional.empty(), Map.of());
  }

  /** Returns these settings with clients connecting to {@code port} of 127.0.0.1. */
  public SandboxSettings withPort(int port) {
    return new SandboxSettings(nodeId, port, controllerPort, voters, folder, overrides);
  }

  /** Returns these settings with the data in {@code folder}, which a close leaves in place. */
  public SandboxSettings withFolder(Path folder) {
    return new SandboxSettings(
        nodeId, port, controllerPort, voters, Optional.of(folder), overrides);
  }

  /** Returns these settings with one broker property set, whatever the sandbox thinks of it. */
  public SandboxSettings with(String property, String value) {
    Map<String, String> more = new HashMap<>(overrides);
    more.put(property, value);
    return new SandboxSettings(nodeId, port, controllerPort, voters, folder, more);
  }

  private static void requirePort(String name, int value) {
    if (value < 0 || value > MAX_PORT) {
      throw new IllegalArgumentException(
          name + ": " + value + " is no port. Give 0 for a free one, or 1 to " + MAX_PORT);
    }
  }
}
