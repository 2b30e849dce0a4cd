CREATE TABLE `feed` (
	`institution` text NOT NULL,
	`position` integer NOT NULL,
	`lane` text NOT NULL,
	`events` text NOT NULL,
	PRIMARY KEY(`institution`, `position`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `lane_progress` (
	`lane` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`requester` text NOT NULL,
	`responder` text NOT NULL,
	`opened_at` integer NOT NULL,
	`request_id` text NOT NULL,
	`status` text NOT NULL,
	`result` text NOT NULL,
	`payer_market` text NOT NULL,
	`payee_market` text NOT NULL,
	`scenario` text NOT NULL,
	`family` text NOT NULL,
	`body` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `payments_of_requester` ON `payments` (`requester`,`opened_at`,`id`);
--> statement-breakpoint
CREATE INDEX `payments_of_responder` ON `payments` (`responder`,`opened_at`,`id`);
