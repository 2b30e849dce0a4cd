CREATE TABLE `anchors` (
	`center` text NOT NULL,
	`number` integer NOT NULL,
	`at` integer NOT NULL,
	`heads` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`center`, `number`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `lane_progress` ADD `anchored_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `lane_progress` ADD `anchored_at` integer DEFAULT 0 NOT NULL;