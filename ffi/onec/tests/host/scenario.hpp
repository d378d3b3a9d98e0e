// What the host plays.
#pragma once
#include "host.hpp"

// The way of a customer through the manual, from the first start to another host.
void play_manual(const Library &library, Faults &faults);
// What no configuration does and a component has to live through.
void play_abuse(const Library &library, Faults &faults);
