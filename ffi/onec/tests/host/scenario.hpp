// What the host plays.
#pragma once
#include "host.hpp"

// The way of a customer through the manual, from the first start to another host.
void play_manual(const Library &library, Faults &faults);
// What no configuration does and a component has to live through.
void play_abuse(const Library &library, Faults &faults);

// A test of one of them, in a `World` of its own; they are played in order, each on what those before
// it have left.
#define TEST(name) static void name(World &world)
#define PLAY(name)                                                                                 \
    do {                                                                                           \
        print(u"-- " #name "\n");                                                                  \
        name(world);                                                                               \
    } while (0)
